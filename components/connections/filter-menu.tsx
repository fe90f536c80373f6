"use client";
import { Menu, MenuCheckItem } from "#components/ui/menu";
import { MenuButton } from "./menu-button.tsx";

export interface FilterMenuProps {
  label: string;
  options: readonly { value: string; label: string }[];
  chosen: readonly string[];
  onChoose: (chosen: string[]) => void;
}

/** Any of several; none chosen takes all. Open as soon as it is there. */
export function FilterMenu({ label, options, chosen, onChoose }: FilterMenuProps) {
  return (
    <Menu startsOpen align="start" trigger={<MenuButton size="sm" label={label} chosen={chosen.length} />}>
      {options.map(({ value, label: words }) => (
        <MenuCheckItem
          key={value}
          checked={chosen.includes(value)}
          onCheckedChange={(on) => onChoose(on ? [...chosen, value] : chosen.filter((other) => other !== value))}
        >
          {words}
        </MenuCheckItem>
      ))}
    </Menu>
  );
}
