import type { ChildProcess } from 'node:child_process';

export const started: { readonly serviceName: string; readonly forked: ChildProcess }[];
export const utilityProcess: unknown;
