import { type Logger, pino } from 'pino'

export type Log = Logger

/** Personal data and secrets, wherever a log line might carry them. */
const REDACTED = [
  'email',
  'name',
  'rut',
  'buyer',
  'token',
  'authorization',
  '*.email',
  '*.buyer',
  '*.rut',
  '*.token',
  '*.password',
  '*.authorization',
  'req.headers.authorization',
  'req.headers.cookie',
  'err.config',
  'err.parameters',
  'err.sql'
]

/** One JSON line per fact on standard output: the message is a constant phrase, the data are fields. */
export function createLog(service: string, level: string): Log {
  return pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: REDACTED, censor: '[redacted]' },
    formatters: { level: (label) => ({ level: label }) }
  })
}
