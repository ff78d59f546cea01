/** The AssemblyScript module of this name, compiled by the build, as Base64. */
declare module '*.wasm' {
  const base64: string
  export default base64
}
