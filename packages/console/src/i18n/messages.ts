/** A catalogue area in another language: the same keys, no more and no fewer. */
export type Messages<T> = { readonly [K in keyof T]: string };
