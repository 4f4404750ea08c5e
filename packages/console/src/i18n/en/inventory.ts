export const inventory = { 'key-find': 'Find' } as const;
