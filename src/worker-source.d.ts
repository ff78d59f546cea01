/** Given by the build: the text of the finished `worker.js`. */
declare module 'nearside:worker-source' {
  const source: string
  export default source
}
