/** The folder that holds package.json. */
export declare const root: string;
/** Builds the program when its sources changed since the last build. Throws with the build's own words when it fails. */
export declare function ensureBuilt(): Promise<void>;
