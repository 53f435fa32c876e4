/**
 * A rule of the business said no: expected, named, safe to show to the caller.
 *
 * `code` and `params` are the whole answer; the portal words them in the
 * reader's language. A consumer registers the event as failed: a rule that says
 * no today says no again tomorrow, and retrying would only hide it.
 *
 * Everything else that throws is a fault (network, disk: try again) or a bug
 * (a failed `assert`: do not).
 */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: string
  readonly status: number
  readonly params: Readonly<Record<string, unknown>>

  constructor(code: string, status: number, title: string, params: Record<string, unknown>) {
    super(title)
    this.code = code
    this.status = status
    this.params = params
  }
}

/** Turns a service's table of refusals into its one way of saying no. */
export function refusals<Code extends string>(table: Record<Code, [status: number, title: string]>) {
  return function refuse(code: Code, params: Record<string, unknown> = {}): Refusal {
    const [status, title] = table[code]
    return new Refusal(code, status, title, params)
  }
}

const UNKNOWN = Symbol('unknown outcome')

/**
 * A command was sent and nobody can say what became of it. Neither success nor
 * failure: whoever holds the command's id sends the command again.
 */
export function unknownOutcome(cause: unknown): Error {
  return Object.assign(new Error('outcome unknown', { cause }), { [UNKNOWN]: true })
}

export function isUnknown(err: unknown): boolean {
  return err instanceof Error && UNKNOWN in err
}

const UNAVAILABLE = Symbol('unavailable')

/** What is needed is not there now and is expected back: nothing was done, the caller may come again. */
export function unavailable(what: string, cause?: unknown): Error {
  return Object.assign(new Error(`${what} is not available`, { cause }), { [UNAVAILABLE]: true })
}

export function isUnavailable(err: unknown): boolean {
  return err instanceof Error && UNAVAILABLE in err
}
