type Environment = Readonly<Record<string, string | undefined>>;

/** Electron's binary as its package notes it; undefined when it was not fetched. */
export declare function electronBinary(packageFolder: string, env: Environment): string | undefined;

/** Why no window can be opened, for people; undefined when one can. */
export declare function whyNoWindow(facts: {
  readonly binary: string | undefined;
  readonly platform: NodeJS.Platform;
  readonly env: Environment;
  readonly userId: number | undefined;
}): string | undefined;
