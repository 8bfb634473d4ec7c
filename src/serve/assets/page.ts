// What a page does beyond what it is without scripts.
export {};
