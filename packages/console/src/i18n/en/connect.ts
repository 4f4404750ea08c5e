export const connect = {
  'key-choose': 'Choose a host',
  'key-open': 'Connect',
  'key-split': 'Connect in a split',
  'key-pin': 'Pin or unpin',
  'key-find': 'Find a host',
} as const;
