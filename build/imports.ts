/**
 * Finds which source file imports which. Every kind of import counts: `import`, `import type`, `export from`,
 * `import('./file.js')` with a literal, and the type `import('./file.js').Name`. Imports of packages are left out.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path/posix'
import { parseSync, Visitor } from 'vite'

/** For each file, the files that it imports. All paths start at the repository's root. */
export type Imports = Map<string, string[]>

const SOURCE = /\.(ts|mjs)$/
const NO_SOURCE = ['node_modules', 'dist', 'assembly', '.cache']

export function readImports(roots: readonly string[]): Imports {
  return new Map(roots.flatMap(filesIn).map((file) => [file, importsOf(file)]))
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return NO_SOURCE.includes(entry.name) ? [] : filesIn(path)
    return SOURCE.test(path) && !path.endsWith('.d.ts') ? [path] : []
  })
}

function importsOf(file: string): string[] {
  const { program, errors } = parseSync(file, readFileSync(file, 'utf8'))
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]!.message}`)
  const found = new Set<string>()
  const add = (source: unknown) => {
    const text = (source as { value?: unknown } | null)?.value
    if (typeof text !== 'string' || !text.startsWith('.')) return
    const path = sourceOf(join(dirname(file), text))
    if (path) found.add(path)
  }
  new Visitor({
    ImportDeclaration: ({ source }) => add(source),
    ExportNamedDeclaration: ({ source }) => add(source),
    ExportAllDeclaration: ({ source }) => add(source),
    ImportExpression: ({ source }) => add(source),
    TSImportType: ({ source }) => add(source),
  }).visit(program)
  return [...found]
}

/** The source file that an import means; undefined if it is not a source file, such as compiled WebAssembly. */
function sourceOf(path: string): string | undefined {
  return [path.replace(/\.js$/, '.ts'), path].find((file) => SOURCE.test(file) && existsSync(file))
}

/**
 * Finds circles. For each group of nodes that can reach each other there is one circle: the shortest way from the group's
 * first node back to it.
 */
export function circlesIn(arrows: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const circles: string[][] = []
  const done = new Set<string>()
  for (const node of [...arrows.keys()].sort()) {
    if (done.has(node)) continue
    const circle = shortestWay(arrows, node, node)
    if (!circle) continue
    circles.push(circle)
    for (const other of arrows.keys()) {
      if (shortestWay(arrows, node, other) && shortestWay(arrows, other, node)) done.add(other)
    }
  }
  return circles
}

/** The way from one node to another with the fewest steps, but at least one. */
function shortestWay(
  arrows: ReadonlyMap<string, ReadonlySet<string>>,
  from: string,
  to: string,
): string[] | undefined {
  const ways: string[][] = [[from]]
  const seen = new Set<string>()
  for (const way of ways) {
    for (const next of arrows.get(way.at(-1)!) ?? []) {
      if (next === to) return [...way, next]
      if (seen.has(next)) continue
      seen.add(next)
      ways.push([...way, next])
    }
  }
}

/**
 * Finds circles between the parts of each folder, with the imports that make them. The parts of a folder are its own files
 * and its subfolders, each subfolder with everything inside it.
 */
export function circlesOfParts(imports: Imports): string[] {
  // For each folder and each of its parts: the parts that it imports, with one import as an example.
  const folders = new Map<string, Map<string, Map<string, string>>>()
  for (const [file, targets] of imports) {
    for (const target of targets) {
      const folder = commonFolder(file, target)
      const [from, to] = [partOf(folder, file), partOf(folder, target)]
      if (from === to) continue
      const parts = folders.get(folder) ?? new Map<string, Map<string, string>>()
      const arrows = parts.get(from) ?? new Map<string, string>()
      folders.set(folder, parts.set(from, arrows.set(to, `${file} imports ${target}`)))
    }
  }
  return [...folders.values()].flatMap((parts) =>
    circlesIn(new Map([...parts].map(([part, arrows]) => [part, new Set(arrows.keys())]))).map((circle) => {
      const steps = circle.slice(1).map((to, i) => `\n  ${parts.get(circle[i]!)!.get(to)}`)
      return circle.join(' -> ') + steps.join('')
    }),
  )
}

/** The innermost folder that holds both files, with a slash at the end; '' for the root. */
function commonFolder(a: string, b: string): string {
  let folder = ''
  for (const name of a.split('/').slice(0, -1)) {
    if (!b.startsWith(`${folder}${name}/`)) break
    folder += `${name}/`
  }
  return folder
}

/** The file itself, or the subfolder that it is in. */
function partOf(folder: string, file: string): string {
  const end = file.indexOf('/', folder.length)
  return end < 0 ? file : file.slice(0, end + 1)
}
