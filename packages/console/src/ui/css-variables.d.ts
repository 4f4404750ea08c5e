import 'react';

declare module 'react' {
  interface CSSProperties {
    /** Distance between the children of `.stack`. */
    '--gap'?: string;
    /** Least width of a table that does not stack. */
    '--min'?: string | undefined;
  }
}
