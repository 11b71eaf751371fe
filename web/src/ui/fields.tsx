// Form fields: label above, help below, the error in place of the help.
import { useState, type ReactNode } from "react";
import {
  Button as AriaButton,
  CheckboxButton,
  CheckboxField as AriaCheckboxField,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  NumberField as AriaNumberField,
  Popover,
  RadioButton,
  RadioField,
  RadioGroup,
  Select as AriaSelect,
  SelectValue,
  SwitchButton,
  SwitchField,
  Text,
  TextField as AriaTextField,
  type TextFieldProps as AriaTextFieldProps,
} from "react-aria-components";
import { useTexts } from "@/texts";
import { Icon } from "./Icon";
import styles from "./fields.module.css";

interface Described {
  label: string;
  description?: ReactNode;
}

interface TextFieldProps extends Omit<AriaTextFieldProps, "className" | "children" | "type">, Described {
  type?: "text" | "email" | "url" | "search" | "time";
  placeholder?: string;
  /** Shown in the place of the description while the field is invalid. */
  error?: string;
}

export function TextField({ label, description, error, placeholder, ...rest }: TextFieldProps) {
  const { common } = useTexts();
  return (
    <AriaTextField {...rest} className={styles["field"] ?? ""}>
      <Label className={styles["label"] ?? ""}>{label}</Label>
      <Input className={styles["input"] ?? ""} {...(placeholder === undefined ? {} : { placeholder })} />
      {description !== undefined && (
        <Text slot="description" className={styles["description"] ?? ""}>
          {description}
        </Text>
      )}
      <FieldError className={styles["error"] ?? ""}>
        {({ validationDetails }) => error ?? (validationDetails.valueMissing ? common.required : null)}
      </FieldError>
    </AriaTextField>
  );
}

/** A password: hidden, and shown on request. */
export function PasswordField({ label, description, error, ...rest }: TextFieldProps) {
  const { common, signin } = useTexts();
  const [shown, setShown] = useState(false);
  return (
    <div className={styles["field"]}>
      <AriaTextField {...rest} type={shown ? "text" : "password"} className={styles["field"] ?? ""}>
        <Label className={styles["label"] ?? ""}>{label}</Label>
        <Input className={styles["input"] ?? ""} autoCapitalize="none" spellCheck={false} />
        {description !== undefined && (
          <Text slot="description" className={styles["description"] ?? ""}>
            {description}
          </Text>
        )}
        <FieldError className={styles["error"] ?? ""}>
          {({ validationDetails }) => error ?? (validationDetails.valueMissing ? common.required : null)}
        </FieldError>
      </AriaTextField>
      <CheckboxField label={signin.showPassword} isSelected={shown} onChange={setShown} />
    </div>
  );
}

interface OnOff extends Described {
  isSelected: boolean;
  onChange: (value: boolean) => void;
  isDisabled?: boolean;
}

export function CheckboxField({ label, description, ...rest }: OnOff) {
  return (
    <AriaCheckboxField {...rest} className={styles["onOff"] ?? ""}>
      <CheckboxButton className={styles["checkbox"] ?? ""}>
        <span className={styles["box"]}>
          <Icon name="check" size={16} />
        </span>
        {label}
      </CheckboxButton>
      {description !== undefined && (
        <Text slot="description" className={styles["description"] ?? ""}>
          {description}
        </Text>
      )}
    </AriaCheckboxField>
  );
}

export function Toggle({ label, description, ...rest }: OnOff) {
  return (
    <SwitchField {...rest} className={styles["onOff"] ?? ""}>
      <SwitchButton className={styles["toggle"] ?? ""}>
        {label}
        <span className={styles["track"]} />
      </SwitchButton>
      {description !== undefined && (
        <Text slot="description" className={styles["description"] ?? ""}>
          {description}
        </Text>
      )}
    </SwitchField>
  );
}

interface Option<Value extends string> {
  value: Value;
  label: string;
  description?: string;
}

interface ChoiceProps<Value extends string> extends Described {
  value: Value;
  onChange: (value: Value) => void;
  options: Option<Value>[];
  /** Cards below one another, each with its description; else one row of short words. */
  stacked?: boolean;
}

/** One of a few that all are seen. */
export function Choice<Value extends string>({ label, description, value, onChange, options, stacked = false }: ChoiceProps<Value>) {
  return (
    <RadioGroup
      value={value}
      onChange={(next) => { onChange(next as Value); }}
      orientation={stacked ? "vertical" : "horizontal"}
      className={styles["field"] ?? ""}
    >
      <Label className={styles["label"] ?? ""}>{label}</Label>
      <div className={stacked ? styles["stack"] : styles["segments"]}>
        {options.map((option) => (
          <RadioField key={option.value} value={option.value} className={(stacked ? styles["cardField"] : styles["segmentField"]) ?? ""}>
            <RadioButton className={(stacked ? styles["card"] : styles["segment"]) ?? ""}>
              {option.label}
              {option.description !== undefined && <span className={styles["description"]}>{option.description}</span>}
            </RadioButton>
          </RadioField>
        ))}
      </div>
      {description !== undefined && (
        <Text slot="description" className={styles["description"] ?? ""}>
          {description}
        </Text>
      )}
    </RadioGroup>
  );
}

/** One of many. */
export function Select<Value extends string>({ label, description, value, onChange, options }: ChoiceProps<Value>) {
  return (
    <AriaSelect value={value} onChange={(key) => { onChange(key as Value); }} className={styles["field"] ?? ""}>
      <Label className={styles["label"] ?? ""}>{label}</Label>
      <AriaButton className={styles["select"] ?? ""}>
        <SelectValue />
        <Icon name="down" size={16} />
      </AriaButton>
      {description !== undefined && (
        <Text slot="description" className={styles["description"] ?? ""}>
          {description}
        </Text>
      )}
      <Popover className={styles["popover"] ?? ""}>
        <ListBox className={styles["list"] ?? ""}>
          {options.map((option) => (
            <ListBoxItem key={option.value} id={option.value} textValue={option.label} className={styles["option"] ?? ""}>
              {option.label}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}

interface NumberFieldProps extends Described {
  value: number;
  onChange: (value: number) => void;
  minValue?: number;
  maxValue?: number;
  isDisabled?: boolean;
}

export function NumberField({ label, description, ...rest }: NumberFieldProps) {
  return (
    <AriaNumberField {...rest} className={styles["field"] ?? ""}>
      <Label className={styles["label"] ?? ""}>{label}</Label>
      <Input className={`${styles["input"] ?? ""} ${styles["number"] ?? ""}`} />
      {description !== undefined && (
        <Text slot="description" className={styles["description"] ?? ""}>
          {description}
        </Text>
      )}
    </AriaNumberField>
  );
}
