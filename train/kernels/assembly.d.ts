/** Base64 of the AssemblyScript module of that name, compiled by the build. */
declare module '*.wasm' {
  const base64: string
  export default base64
}
