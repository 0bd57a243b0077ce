/** What stands in a record in place of a secret that crossed the wire in clear text. */
export const MASKED_SECRET = '<hidden>';
