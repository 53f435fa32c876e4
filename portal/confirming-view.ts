/** Nobody knows yet: the page asks again by itself. */
export interface ConfirmingView {
  heading: string
  text: string
  /** Sent again when the command may not have arrived; otherwise the page is only asked for again. */
  form: { action: string; fields: Array<{ name: string; value: string }> } | undefined
  href: string
  /** Where news come from; empty when there is nothing to listen to. */
  eventsHref: string
}

/** The way to the bank's page: a form, because that is what the bank takes. */
export interface BankView {
  url: string
  token: string
}
