import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './instance.ts'
import { withDiagram } from './mermaid.ts'

/** Writes the topology's picture into ARCHITECTURE.md, between its marks. */
const path = join(ROOT, 'ARCHITECTURE.md')
writeFileSync(path, withDiagram(readFileSync(path, 'utf8')))
