/** Is what was typed the name that was asked for, whatever its case and the blanks around it? */
export const typedIs = (typed: string, name: string): boolean =>
  name !== "" && typed.trim().toLowerCase() === name.toLowerCase();
