import { markup } from '../markup.ts'

export const style = markup`
header { display: flex; align-items: center; padding: 1rem 1.25rem; background: #fff; border-bottom: 1px solid var(--line); font-weight: 600 }
header a { color: inherit; text-decoration: none }
.badge { margin-left: auto; padding: .15rem .6rem; border-radius: 1rem; background: #fff1cc; font-size: .85rem }
main { max-width: 60rem; margin: 1.5rem auto; padding: 0 1rem }
h1 { font-size: 1.4rem; line-height: 1.3 }
.soft, time, dt { color: var(--soft) }
.soft, time { font-size: .9rem }
.empty { padding: 3rem 1rem; text-align: center; color: var(--soft) }
.repeat { display: inline-block; padding: 0 .5rem; border-radius: .4rem; background: #fde7e5; color: var(--bad); font-size: .85rem; font-weight: 600 }
.search { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; margin: 1rem 0 }
.search label { flex: 1 1 12rem; font-size: .9rem; color: var(--soft) }
input { display: block; width: 100%; min-height: 2.75rem; padding: .4rem .75rem; border: 1px solid #8a93a3; border-radius: .5rem; background: #fff; color: var(--ink); font: inherit }
button { min-height: 2.75rem; padding: .4rem 1.25rem; border: 0; border-radius: .5rem; background: var(--accent); color: #fff; font: inherit; font-weight: 600; cursor: pointer }
.mails, .files { margin: 0; padding: 0; list-style: none }
.mails { border: 1px solid var(--line); border-radius: .75rem; overflow: hidden; background: #fff }
.mails li + li { border-top: 1px solid var(--line) }
.mails a { display: grid; grid-template-columns: 1fr auto; gap: 0 1rem; padding: .8rem 1.25rem; color: inherit; text-decoration: none }
.mails a:hover { background: var(--ground) }
.mails strong, .mails .soft { grid-column: 1 / -1; overflow-wrap: anywhere }
.to { overflow-wrap: anywhere; font-size: .9rem }
article { margin: 1rem 0; padding: 1.5rem; border: 1px solid var(--line); border-radius: .75rem; background: #fff }
dl { margin: 1rem 0; display: grid; gap: .25rem }
dl div { display: grid; grid-template-columns: 7rem 1fr; gap: .75rem }
dd { margin: 0; overflow-wrap: anywhere }
.code { font: .85rem/1.75 ui-monospace, Menlo, Consolas, monospace }
.files { display: flex; flex-wrap: wrap; gap: .6rem; margin-bottom: 1rem }
.files a { display: grid; padding: .5rem .9rem; border: 1px solid var(--line); border-radius: .5rem; text-decoration: none }
.files a:hover { border-color: var(--accent) }
iframe { display: block; width: 100%; height: 36rem; border: 1px solid var(--line); border-radius: .5rem; background: #fff }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font: .9rem/1.55 ui-monospace, Menlo, Consolas, monospace }
details { margin: .75rem 0; padding: .75rem 1.25rem; border: 1px solid var(--line); border-radius: .75rem; background: #fff }
summary { cursor: pointer; font-weight: 600 }
details > * + * { margin-top: .75rem }
details li { overflow-wrap: anywhere }
@media (max-width: 30rem) { .mails a { grid-template-columns: 1fr } article { padding: 1rem } dl div { grid-template-columns: 1fr; gap: 0 } dl { gap: .6rem } }
`
