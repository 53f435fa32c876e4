import { Type } from 'typebox'

const Common = {
  LISTEN_ADDRESS: Type.String({ minLength: 1 }),
  LOG_LEVEL: Type.String({ default: 'info' }),
  STOP_MS_MAX: Type.Integer({ default: 5_000, minimum: 1 })
}

/** Settings of the stand-in for the bank. */
export const BankConfig = Type.Object({
  ...Common,
  PORT: Type.Integer({ default: 8080, minimum: 1, maximum: 65_535 }),
  BANK_COMMERCE_CODE: Type.String({ minLength: 1 }),
  BANK_API_KEY: Type.String({ minLength: 1 }),
  /** Its transactions survive a restart here. */
  DATA_DIRECTORY: Type.String({ minLength: 1 }),
  /** How long a buyer may take at the page, and the shop to commit, both from the beginning. */
  PAYMENT_SECONDS: Type.Integer({ default: 600, minimum: 1 })
})

/** Settings of the stand-in for the mail server. */
export const MailConfig = Type.Object({
  ...Common,
  PORT: Type.Integer({ default: 8025, minimum: 1, maximum: 65_535 }),
  SMTP_PORT: Type.Integer({ default: 2525, minimum: 1, maximum: 65_535 }),
  /** Where the mails are kept; without it they end with the process. */
  DATA_DIRECTORY: Type.Optional(Type.String({ minLength: 1 }))
})
