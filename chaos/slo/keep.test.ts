import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { ROOT } from '../../cluster/instance.ts'
import type { Bundle } from './bundles.ts'
import { readBundles } from './bundles.ts'
import { givenBundle, givenRoot, writeBundle } from './given-bundles.ts'
import { keepBundle } from './keep.ts'
import { EVIDENCE_FOLDER, MANIFEST, PAGE, SIGNATURE } from './manifest.ts'
import { openSigner, signingKeyPath } from './signature.ts'
import { differingFiles, generatedFiles, isSigned, writeSlo, writtenBefore } from './write.ts'

const VIOLETA = { by: 'Violeta Prueba', at: '2026-03-02T09:00:00.000Z', newSigner: false }

t.test('a series is kept whole, and twice the same is kept as the same bytes', async (t) => {
  const { root, series } = given(t)
  const files = (name: string) =>
    readdirSync(join(root, EVIDENCE_FOLDER, name)).map((file) => [file, readFileSync(join(root, EVIDENCE_FOLDER, name, file), 'base64')])

  const name = keepBundle(root, series({}))
  const first = files(name)
  keepBundle(root, series({}))

  t.strictSame(
    first.map(([file]) => file),
    ['history.jsonl.gz', 'papers.jsonl.gz', 'report.html', 'result.json', 'timeline.jsonl.gz']
  )
  t.strictSame(files(name), first)
  t.match(readBundles(join(root, EVIDENCE_FOLDER)), [{ name, history: givenBundle({ scenario: 'no-fault' }).history }])
})

t.test('what was not run, or was made from changed code, or is not whole, is not kept', async (t) => {
  const { root, series } = given(t)
  const made = givenBundle({ scenario: 'no-fault' }).result.made

  t.throws(() => keepBundle(root, series({ notRun: 'no addresses' })), /was not run \(no addresses\)/)
  t.throws(() => keepBundle(root, series({ made: { ...made, clean: false } })), /made from code that is not/)
  t.throws(() => keepBundle(root, series({ made: { ...made, commit: '' } })), /nobody knows what code/)
  t.throws(() => keepBundle(root, series({ scenario: '../../elsewhere' })), /is no name/)
  t.notOk(existsSync(join(root, EVIDENCE_FOLDER)))
})

t.test('a series that broke its promise is kept like any other', async (t) => {
  const { root, series } = given(t)

  t.equal(keepBundle(root, series({ holds: false, violations: ['lost: order 7'] })), 'no-fault-1')
})

t.test('a signature that stands is left as it is, with its date; what changed is signed anew', async (t) => {
  const { root, series, signer } = given(t)

  t.match(writeSlo(root, signer, VIOLETA), [PAGE])
  t.strictSame(writeSlo(root, signer, { ...VIOLETA, at: '2026-04-01T00:00:00.000Z' }), [])
  t.equal(writtenBefore(root)!.signed.at, VIOLETA.at)

  keepBundle(root, series({}))
  t.ok(writeSlo(root, signer, { ...VIOLETA, at: '2026-04-01T00:00:00.000Z' }).includes(PAGE))
  t.equal(writtenBefore(root)!.signed.at, '2026-04-01T00:00:00.000Z')
})

t.test('a page whose signature is not its own is signed anew', async (t) => {
  const { root, signer } = given(t)
  writeSlo(root, signer, VIOLETA)
  writeFileSync(join(root, SIGNATURE), signer.sign('something else'))

  writeSlo(root, signer, VIOLETA)

  t.ok(isSigned(root, readFileSync(join(root, MANIFEST), 'utf8'), signer.publicPem))
})

t.test('somebody else signs only when they say so', async (t) => {
  const { root, signer } = given(t)
  const other = openSigner(join(root, '..', 'other.pem'))
  writeSlo(root, signer, VIOLETA)

  t.throws(() => writeSlo(root, other, VIOLETA), /the key of somebody else \(Violeta Prueba\).*--new-signer/)
  writeSlo(root, other, { ...VIOLETA, by: 'Isabel Allende', newSigner: true })
  t.match(writtenBefore(root), { signed: { by: 'Isabel Allende' }, publicPem: other.publicPem })
})

t.test('a private key is made once, for nobody else to read, and outside the repository', async (t) => {
  const path = join(t.testdir(), 'config', 'key.pem')

  const [made, found] = [openSigner(path), openSigner(path)]

  t.equal(made.publicPem, found.publicPem)
  t.equal(statSync(path).mode & 0o777, 0o600)
  writeFileSync(join(path, '..', 'open.pem'), readFileSync(path), { mode: 0o644 })
  t.throws(() => openSigner(join(path, '..', 'open.pem')), /others may read/)
  t.equal(signingKeyPath({ SLO_SIGNING_KEY: '/elsewhere/key.pem' }), '/elsewhere/key.pem')
  t.notOk(signingKeyPath({}).startsWith(ROOT))
})

t.test('SLO.md, its figures, alerts and manifest are what follows from the evidence, and are signed', async (t) => {
  const { signed, publicPem } = writtenBefore(ROOT)!
  const files = generatedFiles(ROOT, signed, publicPem)

  t.strictSame(differingFiles(ROOT, files), [], 'npm run slo writes them anew')
  t.ok(isSigned(ROOT, files.get(MANIFEST)!, publicPem), 'npm run slo signs them anew')
})

function given(t: Test) {
  const folder = t.testdir()
  const series = (result: Partial<Bundle['result']>) => {
    const bundle = givenBundle({ scenario: 'no-fault' })
    return writeBundle(join(folder, 'artifacts'), { ...bundle, result: { ...bundle.result, ...result } })
  }
  return { root: givenRoot(join(folder, 'root')), series, signer: openSigner(join(folder, 'key.pem')) }
}
