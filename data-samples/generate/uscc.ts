const ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const BODY_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2];

/**
 * A synthetic unified social credit code whose two check characters are right (GB 32100-2015, GB 11714-1997).
 * The subject part starts with HC (合成, synthetic), which no office assigns.
 * @param kind the two leading characters: "11" for an organ of state, "91" for a company
 * @param division six digits
 * @param serial up to six digits
 */
export function makeUscc(kind: string, division: string, serial: number): string {
  const body = `HC${String(serial).padStart(6, "0")}`;
  const front = `${kind}${division}${body}${bodyCheck(body)}`;
  return front + codeCheck(front);
}

/** The same code with a wrong last character. */
export function spoilUscc(code: string): string {
  const last = ALPHABET.indexOf(code.slice(-1));
  return code.slice(0, -1) + ALPHABET[(last + 7) % ALPHABET.length];
}

function bodyCheck(body: string): string {
  let sum = 0;
  for (let place = 0; place < 8; place++) {
    sum += Number.parseInt(body[place] as string, 36) * (BODY_WEIGHTS[place] as number);
  }
  const check = 11 - (sum % 11);
  return check === 10 ? "X" : check === 11 ? "0" : String(check);
}

function codeCheck(front: string): string {
  let sum = 0;
  let weight = 1;
  for (const character of front) {
    sum += ALPHABET.indexOf(character) * weight;
    weight = (weight * 3) % 31;
  }
  return ALPHABET[(31 - (sum % 31)) % 31] as string;
}
