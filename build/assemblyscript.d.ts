declare module 'assemblyscript/asc' {
  export function main(
    argv: string[],
    options: { writeFile(name: string, contents: Uint8Array | string, baseDir: string): void },
  ): Promise<{ error: Error | null; stderr: { toString(): string } }>
}
