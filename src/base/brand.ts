/** A type of its own at compile time, a plain value at run time: ids of different things do not mix. */
export type Brand<T, Name extends string> = T & { readonly __brand: Name };
