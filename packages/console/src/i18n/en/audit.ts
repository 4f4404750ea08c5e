export const audit = { 'key-find': 'Find' } as const;
