import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifySchemaCompiler,
  LogController
} from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'
import { Refusal } from './errors.ts'
import type { Log } from './log.ts'
import { answerProblems } from './problem.ts'
import { onlyStorable } from './storable.ts'

const BODY_BYTES_MAX = 64 * 1024
const PARAM_CHARS_MAX = 200
const UNREADABLE_PATH = '/unreadable-path'
const ERRORS_MAX = 10
const REQUEST_MS_MAX = 15_000
const CONNECTION_IDLE_MS_MAX = 72_000 // longer than callers keep a connection, so that they close first

/**
 * An HTTP server with a limit on everything and a health door.
 *
 * @param answerErrors - How an error is told: as problem+json to services, as a page to people.
 */
export function createServer(log: Log, answerErrors: (app: FastifyInstance) => void = answerProblems) {
  const app = Fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_MS_MAX,
    keepAliveTimeout: CONNECTION_IDLE_MS_MAX,
    forceCloseConnections: 'idle',
    return503OnClosing: false, // who was let in before the door closed is served
    requestIdHeader: 'x-request-id',
    routerOptions: { maxParamLength: PARAM_CHARS_MAX },
    rewriteUrl: readablePath
  })
  answerErrors(app)
  app.setValidatorCompiler(validator)
  app.addHook('preValidation', onlyStorable)
  app.get('/healthz', async () => ({ ok: true }))
  return app.withTypeProvider<TypeBoxTypeProvider>()
}

/**
 * A path that cannot be decoded, or has a part longer than any name, names
 * nothing: it is answered like every other that is not there, and not by the router.
 */
function readablePath({ url = '/' }: IncomingMessage): string {
  try {
    decodeURIComponent(url)
  } catch {
    return UNREADABLE_PATH
  }
  const [path = ''] = url.split('?', 1)
  return path.split('/').some((part) => part.length > PARAM_CHARS_MAX) ? UNREADABLE_PATH : url
}

/** A body is taken as it is; what comes as text by nature (a path, a query, a header) is converted first. */
const validator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const compiled = Compile(schema)
  return (input: unknown) => {
    const value = httpPart === 'body' ? input : Value.Convert(schema, input)
    if (compiled.Check(value)) return { value }
    const error = compiled.Errors(value).slice(0, ERRORS_MAX)
    return { error: Object.assign(new Error('validation'), { validation: error, validationContext: httpPart }) }
  }
}

/** A hook that lets in whoever presents one of `tokens`, and nobody else. */
export function onlyWith(...tokens: string[]) {
  return async (request: FastifyRequest, _reply: FastifyReply): Promise<void> => {
    const given = request.headers.authorization?.replace(/^Bearer /, '') ?? ''
    if (!tokens.some((token) => same(given, token))) throw new Refusal('NOT_ALLOWED', 401, 'This door takes a token', {})
  }
}

function same(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)]
  return a.length === b.length && timingSafeEqual(a, b)
}
