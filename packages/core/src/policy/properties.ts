/** What is known of a subject or resource beside its name, and what a request brings along: JSON, read by conditions. */
export type PropertyValue =
  | string
  | number
  | boolean
  | null
  | readonly PropertyValue[]
  | { readonly [name: string]: PropertyValue };
export type Properties = Readonly<Record<string, PropertyValue>>;

export const NO_PROPERTIES: Properties = Object.freeze({});
