import { DARK, LIGHT, type Palette } from './palette.ts'

/** Everything a page looks like: in light and in darkness, on a phone, on a desk and on paper. */
export const STYLE = `
:root { color-scheme: light dark; ${variables(LIGHT)} }
@media (prefers-color-scheme: dark) { :root { ${variables(DARK)} } }
* { box-sizing: border-box }
html { font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; color: var(--ink); background: var(--ground); -webkit-text-size-adjust: 100% }
body { margin: 0 auto; max-width: 60rem; padding: 2.5rem 1.25rem 4rem; overflow-wrap: anywhere }
h1 { font-size: clamp(1.5rem, 1.1rem + 2vw, 2.25rem); line-height: 1.2; font-weight: 650; letter-spacing: -.015em; margin: .25rem 0 1rem; text-wrap: balance }
h2 { font-size: 1.375rem; line-height: 1.25; font-weight: 650; letter-spacing: -.01em; margin: 3.5rem 0 1rem }
h3 { font-size: 1.0625rem; line-height: 1.35; font-weight: 600; margin: 0; text-wrap: pretty; max-width: 52rem }
p, ul { max-width: 44rem }
a { color: var(--ok); text-underline-offset: .15em }
code { font: .875em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; background: var(--faint); padding: .1em .3em; border-radius: .25em }
.kicker { margin: 0; color: var(--soft); font-size: .875rem }
.promise { font-size: 1.125rem; margin: 0 0 1.75rem }
.promise b, .kicker b { font-weight: 600; color: var(--ink) }

.verdict { border-radius: .75rem; padding: 1.25rem 1.5rem; background: var(--faint) }
.verdict h2 { margin: 0; font-size: clamp(2.25rem, 1.75rem + 2.5vw, 3.25rem); line-height: 1; letter-spacing: -.03em }
.verdict p { margin: .5rem 0 0 }
.verdict ul { margin: .75rem 0 0; padding-left: 1.25rem; max-width: none }
.verdict li { margin: .25rem 0 }
.verdict.kept { background: var(--kept-ground); color: var(--kept-ink) }
.verdict.broken { background: var(--broken-ground); color: var(--broken-ink) }
.verdict.broken a { color: inherit }
.verdict.not-run { background: none; border: 2px dashed var(--soft) }

.tiles { display: flex; flex-wrap: wrap; gap: 1rem 2.5rem; margin: 0 0 1.5rem }
.tile { display: flex; flex-direction: column-reverse }
.tile dt { color: var(--soft); font-size: .875rem }
.tile dd { margin: 0; font-size: 2rem; line-height: 1.15; font-weight: 600; letter-spacing: -.02em; font-variant-numeric: tabular-nums }
.unlooked { font-size: 1rem; font-weight: 500; letter-spacing: 0; color: var(--soft) }
.tile.bad dd, .tile.bad dt { color: var(--bad-ink) }

.scroll { overflow-x: auto; margin: 0 0 1.25rem }
table { border-collapse: collapse; width: 100%; font-size: .875rem; font-variant-numeric: tabular-nums; overflow-wrap: normal }
caption { text-align: left; color: var(--soft); padding: 0 0 .5rem }
th, td { text-align: right; vertical-align: top; padding: .4rem 0 .4rem 1rem; border-bottom: 1px solid var(--line); white-space: nowrap }
th:first-child, td:first-child { padding-left: 0 }
thead th { font-weight: 500; color: var(--soft); vertical-align: bottom }
th[scope=row] { text-align: left; font-weight: 500; white-space: normal; min-width: 8.5rem }
thead th:first-child { text-align: left }
.runs thead th { white-space: normal }
.runs th[scope=row] { min-width: 2.25rem; white-space: nowrap }
.said { text-align: left; white-space: normal; min-width: 18rem; color: var(--soft) }
.runs thead th:last-child { text-align: left }
.made td { text-align: left; white-space: normal }
.made th[scope=row] { min-width: 6.5rem }
tr.bad th, .wrong, .sign-bad, tr.bad td:last-child:not(.said) { color: var(--bad-ink); font-weight: 600 }
.must { color: var(--soft); font-weight: 400; font-size: .8125rem; white-space: nowrap }
.must::before { content: "· " }

figure { margin: 0 0 2.75rem }
figcaption { margin-bottom: .75rem }
.legend, .note { color: var(--soft); font-size: .875rem; margin: .25rem 0 0 }
.sign { color: var(--ink); white-space: nowrap; margin-right: .5em }
.sign i { display: inline-block; width: .75em; height: .75em; margin: 0 .35em 0 .1em; border-radius: .125em; vertical-align: -.02em; background: currentColor }
.sign i.ok { color: var(--ok) } .sign i.refused { color: var(--refused) } .sign i.unknown { color: var(--unknown) }
.sign i.dot { border-radius: 50%; width: .6em; height: .6em; vertical-align: .02em }
.sign i.fault { color: var(--fault) } .sign i.healing { background: var(--healing); box-shadow: inset 0 0 0 1px var(--fault) } .sign i.range { color: var(--ok); opacity: .35 }
.sign i.middle, .sign i.tail { height: 2px; width: 1.1em; vertical-align: .28em; color: var(--ink) } .sign i.tail { color: var(--unknown) }
.sign i.median, .sign i.limit { width: 2px; height: 1em; border-radius: 0; vertical-align: -.12em; color: var(--ink) }
.sign i.limit { width: 0; background: none; border-left: 2px dashed var(--unknown) }

.picture { display: block; overflow: visible; width: calc(100% - 3.25rem); margin-left: 3.25rem }
.picture path { fill: none; vector-effect: non-scaling-stroke }
.picture .grid { stroke: var(--line) } .picture .axis { stroke: var(--soft); stroke-opacity: .6 }
svg .ok { fill: var(--ok) } svg .refused { fill: var(--refused) } svg .unknown { fill: var(--unknown) } svg .range { fill: var(--ok); fill-opacity: .3 }
${[1, 2, 3, 4].map((nth) => `.sign i.wait-${nth} { color: var(--wait-${nth}) } svg .wait-${nth} { fill: var(--wait-${nth}) }`).join('\n')}
.picture path.dot { fill: none; stroke-linecap: round; stroke-width: 4px; stroke-opacity: .55 }
.picture .dot.ok { stroke: var(--ok) } .picture .dot.refused { stroke: var(--refused) } .picture .dot.plain { stroke: var(--soft) }
.picture .dot.unknown { stroke: var(--unknown); stroke-width: 5px; stroke-opacity: .8 }
.picture .middle { stroke: var(--ink); stroke-width: 1.75px } .picture .tail { stroke: var(--unknown); stroke-width: 1.75px }
.picture .median { stroke: var(--ink); stroke-width: 2px } .picture .p99 { stroke: var(--ink); stroke-width: 1px } .picture .limit { stroke: var(--unknown); stroke-width: 2px; stroke-dasharray: 4 3 }
svg .fault { fill: var(--fault) } svg .healing { fill: var(--healing) } .picture .struck { stroke: var(--fault-ink) }
text { font-size: 12px; fill: var(--soft); font-variant-numeric: tabular-nums; paint-order: stroke; stroke: var(--ground); stroke-width: 3px; stroke-linejoin: round }
text.label { fill: var(--ink); font-weight: 600 } text.band-name { fill: var(--fault-ink); font-weight: 600; stroke: none }

.words { margin: .75rem 0 2rem; display: grid; grid-template-columns: minmax(7rem, 14rem) 1fr; gap: .4rem 1.25rem; font-size: .9375rem }
.words dt { font-weight: 600 } .words dd { margin: 0 }
.spark { display: block; width: 8rem } .spark path { vector-effect: non-scaling-stroke; fill: none; stroke: var(--ok) } .spark .bad { stroke: var(--unknown) }
.mark { font-weight: 650; white-space: nowrap } .mark.kept { color: var(--kept-ink) } .mark.broken { color: var(--bad-ink) } .mark.not-run { color: var(--soft) }
.all th[scope=row] { min-width: 16rem } .all th small { display: block; color: var(--soft); font-weight: 400; font-size: .8125rem } .all :is(td, th):nth-child(2) { text-align: left }
@media (max-width: 36rem) { th, td { padding-left: .6rem } .picture.wide { width: 100%; margin-left: 0 } body { padding: 1.5rem 1rem 3rem } .words { grid-template-columns: 1fr; gap: 0 } .words dd { margin-bottom: .6rem } .tiles { gap: .75rem 1.75rem } }
@media print { :root { ${variables(LIGHT)} } html { font-size: 11pt } body { max-width: none; padding: 0 } * { print-color-adjust: exact; -webkit-print-color-adjust: exact } figure, tr, .verdict { break-inside: avoid } h2, h3 { break-after: avoid } .scroll { overflow: visible } }
`

function variables(palette: Palette): string {
  const { waits, ...rest } = palette
  const named = Object.entries(rest).map(([name, value]) => `--${name.replace(/[A-Z]/g, (sign) => `-${sign.toLowerCase()}`)}: ${value}`)
  return [...named, ...waits.map((value, i) => `--wait-${i + 1}: ${value}`)].join('; ')
}
