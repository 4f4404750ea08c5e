/** The product's version; a test holds it to the package files. */
export const VERSION = '0.1.0';
