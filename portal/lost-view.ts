export interface LostView {
  email: string
  /** Empty while nothing is wrong. */
  error: string
  sent: boolean
}
