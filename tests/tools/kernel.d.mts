export function compileKernel(): Promise<Buffer>;
export function kernelModule(code: Buffer): string;
