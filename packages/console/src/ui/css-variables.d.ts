import 'react';

declare module 'react' {
  interface CSSProperties {
    /** Distance between the children of `.stack`. */
    '--gap'?: string;
  }
}
