/** A request whose content is wrong; its message is one sentence that names the place and the fix. */
export class BadRequest extends Error {}
