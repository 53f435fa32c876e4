/**
 * How long everybody waits for whom. Whoever stands further in front waits
 * longer than all behind, so that an answer comes before its caller has gone,
 * and every one of them outlasts a failover of the database: a buyer then sees
 * a slower answer and not an error.
 *
 * A buyer's page (20 s) asks the orchestrator, of which one instance gets 14 s.
 * The orchestrator asks the seller (12 s), of which one instance gets 8.4 s. The
 * seller commits within 8 s, and so does the orchestrator. The gateway cuts
 * nothing off that is answered within a minute.
 */

/** A command inside a service: until it has found a writer and its commit is known. */
export const COMMAND_MS_MAX = 8_000

/** A command of another service's: all tries, at all of its instances. */
export const CALL_MS_MAX = 12_000

/** How long a caller watches its purchase being moved; then it is told where that stands, which is one command more. */
export const MOVE_MS_MAX = 6_000

/** A page that somebody waits for. */
export const PAGE_MS_MAX = 20_000

/** A read for a page, from whichever node answers. */
export const READ_MS_MAX = 8_000
