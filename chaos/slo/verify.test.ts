import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import t from 'tap'
import { ROOT } from '../../cluster/instance.ts'
import { givenRoot, givenSeries, writeBundle } from './given-bundles.ts'
import { anyBundle } from './given-chance.ts'
import { keepBundle } from './keep.ts'
import { MANIFEST, manifestOf, SIGNATURE } from './manifest.ts'
import { openSigner, type Signer } from './signature.ts'
import { writeSlo } from './write.ts'

const ON_SALE = 'docs/slo/evidence/on-sale-1'
const VIOLETA = { by: 'Violeta Prueba', at: '2026-03-02T09:00:00.000Z', newSigner: false }
const CHANCES = 5
let signed: { folder: string; root: string; signer: Signer }
let copies = 0

t.before(() => {
  const folder = t.testdir()
  const root = givenRoot(join(folder, 'root'))
  for (const bundle of givenSeries()) keepBundle(root, writeBundle(join(folder, 'artifacts', bundle.name), bundle))
  const signer = openSigner(join(folder, 'key', 'signing-key.pem'))
  writeSlo(root, signer, VIOLETA)
  signed = { folder, root, signer }
})

t.test('what was written from the evidence agrees with who reckons it again', async (t) => {
  const { code, said } = verified(signed.root)

  t.equal(said, 'Signature, files, figures and page agree.\n')
  t.equal(code, 0)
})

t.test('the verifier is one file that shares nothing with us, short enough to be read', async (t) => {
  const text = readFileSync(join(ROOT, 'docs/slo/verify.mjs'), 'utf8')
  const imports = [...text.matchAll(/(?:from|import|require)\b\s*\(?\s*'([^']+)'/g)].map(([, name]) => name)

  t.ok(imports.length > 0 && imports.every((name) => name!.startsWith('node:')))
  t.ok(text.trimEnd().split('\n').length <= 200)
})

t.test('whatever was written down, both reckon the same', async (t) => {
  const scenarios = givenSeries().map(({ result }) => result.scenario)
  for (const [i, bundles] of fc.sample(fc.tuple(...scenarios.map(anyBundle)), CHANCES).entries()) {
    const root = givenRoot(join(signed.folder, `chance-${i}`))
    for (const bundle of bundles) keepBundle(root, writeBundle(join(signed.folder, 'artifacts', 'chance'), bundle))
    writeSlo(root, signed.signer, VIOLETA)

    t.equal(verified(root).said, 'Signature, files, figures and page agree.\n')
  }
})

t.test('what is in the repository agrees, too', async (t) => {
  t.equal(verified(ROOT).said, 'Signature, files, figures and page agree.\n')
})

t.test('OpenSSL and sha256sum say the same, without anything of ours', async (t) => {
  const cwd = signed.root
  const signature = ['-verify', '-pubin', '-inkey', 'docs/slo/signer.pem', '-rawin', '-in', MANIFEST, '-sigfile', SIGNATURE]

  t.equal(spawnSync('openssl', ['pkeyutl', ...signature], { cwd }).status, 0)
  t.equal(spawnSync('sha256sum', ['--check', '--strict', MANIFEST], { cwd }).status, 0)
})

t.test('one byte of any kind of file is noticed', async (t) => {
  const files = [
    `${ON_SALE}/history.jsonl.gz`,
    `${ON_SALE}/result.json`,
    'docs/slo/slo-latency.yaml',
    'docs/slo/alerts.yaml',
    'SLO.md',
    MANIFEST
  ]
  for (const file of files) {
    const root = copied()
    const bytes = readFileSync(join(root, file))
    bytes[bytes.length >> 1]! ^= 1
    writeFileSync(join(root, file), bytes)

    t.not(verified(root).code, 0, file)
  }
})

t.test('a file too many and a file too few are noticed', async (t) => {
  const [more, fewer] = [copied(), copied()]
  writeFileSync(join(more, ON_SALE, 'more.txt'), 'more')
  rmSync(join(fewer, ON_SALE, 'report.html'))

  t.match(verified(more).said, /more\.txt was not signed/)
  t.match(verified(fewer).said, /report\.html is missing/)
})

t.test('the signature of somebody else is none', async (t) => {
  const root = copied()
  const stranger = openSigner(join(signed.folder, 'stranger', 'key.pem'))
  writeFileSync(join(root, SIGNATURE), stranger.sign(readFileSync(join(root, MANIFEST), 'utf8')))

  t.match(verified(root).said, /the signature is not of this manifest/)
})

t.test('a figure that was embellished is noticed although everything was signed anew', async (t) => {
  const root = copied()
  edit(root, 'docs/slo/figures.json', (text) =>
    text.replace('"claim": "slo-latency",', '"claim": "slo-latency", "bad": 0,').replace(/"p99": 12\.34/, '"p99": 11.34')
  )
  signAnew(root)

  t.match(verified(root).said, /p99 of slo-latency is 12\.34, and .* say 11\.34/)
})

t.test('a page that says something else than its figures is noticed although everything was signed anew', async (t) => {
  for (const [kept, embellished] of [
    [/p99 12\.3 ms in 180/g, 'p99 11.3 ms in 180'],
    [/\| slo-portal \| 90 \| 0 \|/, '| slo-portal | 900 | 0 |'],
    [/\| postgres-primary-killed \| 4 \|/, '| postgres-primary-killed | 40 |'],
    [/\| 2,592 s \| 150 s \|/, '| 2,592 s | 15 s |'],
    [/- billing-down: 2\.50 s in run 2/, '- billing-down: 1.50 s in run 2'],
    [/\| 518 \|/, '| 5,180 |'],
    [/kept so far/, 'kept, so far'],
    [/ lines written down/, '0 lines written down'],
    [/ [0-9]+ \| 0 \| 0 \| 0 of 11 \|/, ' 5 | 0 | 0 | 0 of 11 |'],
    [/\| 1 \| 6 \| `0123456789ab` \|/, '| 1 | 60 | `0123456789ab` |']
  ] as const) {
    const root = copied()
    edit(root, 'SLO.md', (text) => text.replace(kept, embellished))
    signAnew(root)

    t.match(verified(root).said, /SLO\.md (has no row|begins with)|worst runs|other sums/, embellished)
  }
})

t.test('a line that is missing from a history is noticed although everything was signed anew', async (t) => {
  const root = copied()
  const path = join(root, ON_SALE, 'history.jsonl.gz')
  const lines = gunzipSync(readFileSync(path)).toString().split('\n')
  writeFileSync(path, gzipSync(lines.toSpliced(3, 1).join('\n')))
  signAnew(root)

  t.match(verified(root).said, /entries of on-sale-1/)
})

t.test('a threshold that was moved afterwards is noticed although everything was signed anew', async (t) => {
  const root = copied()
  edit(root, 'docs/slo/slo-latency.yaml', (text) => text.replace('value: 50', 'value: 5'))
  signAnew(root)

  t.match(verified(root).said, /verdict of slo-latency-aim is no/)
})

function copied(): string {
  const root = join(signed.folder, `copy-${++copies}`)
  cpSync(signed.root, root, { recursive: true })
  return root
}

function edit(root: string, file: string, change: (text: string) => string): void {
  const path = join(root, file)
  const before = readFileSync(path, 'utf8')
  const after = change(before)
  if (after === before) throw new Error(`nothing to change in ${file}`)
  writeFileSync(path, after)
}

/** As somebody with the key would who wants to hide what they changed. */
function signAnew(root: string): void {
  const manifest = manifestOf(root, new Map([['SLO.md', readFileSync(join(root, 'SLO.md'), 'utf8')]]))
  writeFileSync(join(root, MANIFEST), manifest)
  writeFileSync(join(root, SIGNATURE), signed.signer.sign(manifest))
}

function verified(root: string): { code: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'docs/slo/verify.mjs'), root], { encoding: 'utf8' })
  return { code: status, said: stderr + stdout }
}
