import type { Test } from 'tap'
import { createLog } from '../chassis/log.ts'
import { openPool } from '../chassis/postgres.ts'
import { testDatabaseUrl } from '../db/test-database.ts'
import { createPortal } from './app.ts'
import { givenCatalogue } from './given-catalogue.ts'
import { openOrchestrator } from './orchestrator.ts'

const NOBODY = 'http://127.107.31.9:3009'
const SECRET = 'the secret of these tests'
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const log = createLog('test', 'fatal')

/** Portals over one catalogue, which nobody changes: every test of a file may share it. */
export async function givenPortals(t: Test) {
  const databaseUrl = await testDatabaseUrl(t)
  const owner = openPool(databaseUrl, log)
  await givenCatalogue(owner)
  await owner.end()

  return async function givenPortal(t: Test, orchestratorUrl = NOBODY) {
    const pool = openPool(`${databaseUrl}?options=-c%20role%3Dcatalogue`, log)
    const orchestrator = openOrchestrator(orchestratorUrl, SECRET)
    const app = await createPortal(log, { pool: () => pool, orchestrator, publicUrl: 'http://tienda.cl', cookieSecret: SECRET })
    t.teardown(async () => {
      await app.close()
      orchestrator.close()
      await pool.end()
    })
    const get = (path: string, headers: Record<string, string> = {}) => app.inject({ method: 'GET', url: path, headers })
    return {
      get,
      formId: async () => /name="compra" value="([^"]+)"/.exec((await get('/funciones/abierta/sectores/1')).body)![1]!,
      post: (path: string, fields: Record<string, string | string[]>, headers: Record<string, string> = {}) => {
        const pairs = Object.entries(fields).flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one]))
        return app.inject({ method: 'POST', url: path, headers: { ...FORM, ...headers }, payload: new URLSearchParams(pairs).toString() })
      }
    }
  }
}
