/**
 * Reads which source file imports which, for the test of the house's import rules.
 *
 * All kinds of import count: `import`, `import type`, `export ... from`, `import('...')` with a literal, and the type
 * `import('...').Name`. Only imports of files of this repository are arrows; packages are left out.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { parseSync, type ESTree } from 'vite'
