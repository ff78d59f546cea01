/** The AssemblyScript module of that name, compiled by the build: a character for each byte, its code 93 above. */
declare module '*.wasm' {
  export const text: string
}
