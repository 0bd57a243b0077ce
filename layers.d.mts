export declare const LAYERS: Readonly<Record<string, readonly string[]>>;
export declare const PURE: readonly string[];
export declare const EXTENSION_FOLDERS: readonly string[];
