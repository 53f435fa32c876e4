import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import transbank from 'transbank-sdk'
import { givenProcess } from './given-process.ts'

export const BANK_URL = `http://127.103.${(process.pid % 250) + 1}.9:8080`
export const BACK = 'http://shop.example/pago/retorno?x=1'
export const BANK_MAIN = 'cluster/stand-ins/bank.main.ts'
export const KEYS = { BANK_COMMERCE_CODE: '597055555532', BANK_API_KEY: 'secret' }

type Shop = InstanceType<typeof transbank.WebpayPlus.Transaction>

export async function givenBank(t: Test, more: Record<string, string> = {}) {
  const settings = { ...KEYS, DATA_DIRECTORY: await givenDirectory(t), ...more }
  const bank = await givenProcess(t, BANK_MAIN, BANK_URL, settings)
  const options = new transbank.Options(KEYS.BANK_COMMERCE_CODE, KEYS.BANK_API_KEY, BANK_URL, 1_500)
  return { bank, settings, shop: new transbank.WebpayPlus.Transaction(options) }
}

export async function givenDirectory(t: Test): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'bank-'))
  t.teardown(() => rm(directory, { recursive: true }))
  return directory
}

export async function approved(shop: Shop, amount: number): Promise<string> {
  const { token, url } = await shop.create('ORDER', 's', amount, BACK)
  await decideAt(url, token, 'approve')
  return token
}

export async function decideAt(url: string, token: string, decision: string): Promise<string | null> {
  const body = new URLSearchParams({ token_ws: token, decision })
  const answer = await fetch(new URL('/webpayserver/decision', url), { method: 'POST', body, redirect: 'manual' })
  return answer.headers.get('location')
}

export function post(path: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json', 'tbk-api-key-id': KEYS.BANK_COMMERCE_CODE, 'tbk-api-key-secret': 'secret' }
  return fetch(BANK_URL + path, { method: 'POST', headers, body: JSON.stringify(body) })
}

export async function listed(query: string): Promise<unknown> {
  return (await fetch(`${BANK_URL}/api/transactions${query}`)).json()
}

export function messageOf(err: unknown): string {
  return (err as Error).message
}
