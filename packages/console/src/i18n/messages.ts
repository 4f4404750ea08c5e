import type { catalogue as english } from './en/catalogue.js';

/** A catalogue area in another language: the same keys, no more and no fewer. */
export type Messages<T> = { readonly [K in keyof T]: string };

type English = typeof english;
export type Area = keyof English;
export type Catalogue = { readonly [A in Area]: Messages<English[A]> };
export type MessageKey = { [A in Area]: `${A}.${keyof English[A] & string}` }[Area];
