import { type DestinationStream, type Logger, pino } from 'pino'

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
  'err.sql',
  'err.detail' // PostgreSQL shows the whole row that failed
]

/** Wherever it stands in a line: a mail server repeats in its errors whom it would not write to. */
const MAIL_ADDRESS = /[\w.!#$%&'*+=?^`{|}~-]{1,64}@[\w.-]+\.[a-z]{2,}/gi

/** One JSON line per fact on standard output: the message is a constant phrase, the data are fields. */
export function createLog(service: string, level: string, to?: DestinationStream): Log {
  const options = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: REDACTED, censor: '[redacted]' },
    hooks: { streamWrite: (line: string) => line.replaceAll(MAIL_ADDRESS, '[redacted]') },
    formatters: { level: (label: string) => ({ level: label }) }
  }
  return to ? pino(options, to) : pino(options)
}
