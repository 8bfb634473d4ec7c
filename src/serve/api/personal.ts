/** Numbers of identity cards and of telephones, which have no place in a file about an organ. */
const PERSONAL = /(?<!\d)(?:\d{17}[\dXx]|1[3-9]\d{9})(?!\d)/;

/** Whether a free text holds what looks like the number of an identity card or a telephone. */
export function holdsPersonal(text: string): boolean {
  return PERSONAL.test(text);
}
