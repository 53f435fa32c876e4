import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'

export interface Migration {
  name: string
  sql: string
  sha256: string
}

export interface Applied {
  name: string
  sha256: string
}

/**
 * The files of a folder that a database has not seen yet, in order.
 *
 * @throws Error when a file that was applied has changed since.
 */
export async function migrationsDue(folder: URL, applied: Applied[]): Promise<Migration[]> {
  const files = await migrationsIn(folder)
  for (const { name, sha256 } of applied) {
    const file = files.find((candidate) => candidate.name === name)
    if (file && file.sha256 !== sha256) throw new Error(`migration ${name} was changed after it was applied: add a new one instead`)
  }
  return files.filter(({ name }) => !applied.some((row) => row.name === name))
}

/** Our files hold no semicolon and no double hyphen inside a literal, and no procedure. */
export function statementsOf(sql: string): string[] {
  return sql
    .replaceAll(/--.*$/gm, '')
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}

async function migrationsIn(folder: URL): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name)).sort()
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, folder), 'utf8')
      return { name, sql, sha256: createHash('sha256').update(sql).digest('hex') }
    })
  )
}
