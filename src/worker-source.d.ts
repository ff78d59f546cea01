/** The text of the built `worker.js`. The build provides it. */
declare module 'nearside:worker-source' {
  const source: string
  export default source
}
