/** The versions in force. A buyer agrees to these; the purchase keeps which. Change the text, change the date. */
export const TERMS_VERSION = '2026-11-22'
export const PRIVACY_VERSION = '2026-11-22'
