import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useTexts } from "@/texts";
import { Button } from "./Button";
import { ProblemBox } from "./ProblemBox";
import styles from "./Dialog.module.css";

interface DialogProps {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  /** Of the kind that asks: read out whole, closed by its buttons only. */
  alert?: boolean;
  wide?: boolean;
  children: ReactNode;
  /** The buttons, the important one last. */
  buttons: ReactNode;
}

/** Above the page until it is closed; keeps the focus inside and gives it back afterwards. */
export function Dialog({ isOpen, onClose, title, alert = false, wide = false, children, buttons }: DialogProps) {
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => { if (!open) onClose(); }}
      isDismissable={!alert}
      className={styles["overlay"] ?? ""}
    >
      <Modal className={`${styles["modal"] ?? ""} ${wide ? (styles["wide"] ?? "") : ""}`}>
        <AriaDialog role={alert ? "alertdialog" : "dialog"} className={styles["dialog"] ?? ""}>
          <Heading slot="title" level={2}>
            {title}
          </Heading>
          <div className={styles["content"]}>{children}</div>
          <div className={styles["buttons"]}>{buttons}</div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

interface ConfirmDialogProps {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  /** The words of the button that does it: what happens, never "OK". */
  confirm: string;
  dangerous?: boolean;
  /** Of the button that leaves all as it is. */
  cancel?: string;
  isPending: boolean;
  problem?: unknown;
  onConfirm: () => void;
  children: ReactNode;
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  const { common } = useTexts();
  const { problem } = props;
  return (
    <Dialog
      alert
      isOpen={props.isOpen}
      onClose={props.onClose}
      title={props.title}
      buttons={
        <>
          {/* eslint-disable-next-line jsx-a11y/no-autofocus -- the harmless answer has the focus */}
          <Button onPress={props.onClose} autoFocus>
            {props.cancel ?? common.cancel}
          </Button>
          <Button look={props.dangerous === true ? "danger" : "primary"} isDisabled={props.isPending} onPress={props.onConfirm}>
            {props.confirm}
          </Button>
        </>
      }
    >
      <div>{props.children}</div>
      {problem !== null && problem !== undefined && <ProblemBox problem={problem} />}
    </Dialog>
  );
}
