export const recordings = { 'key-find': 'Find' } as const;
