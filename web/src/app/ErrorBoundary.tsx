import { Component, type ReactNode } from "react";
import { useTexts } from "@/texts";
import { Button } from "@/ui/Button";
import { Notice } from "@/ui/Notice";

/** A screen that broke says so instead of leaving the page white. Give it a key that changes with the screen. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    return this.state.broken ? <Broken /> : this.props.children;
  }
}

function Broken() {
  const { problems } = useTexts();
  return (
    <Notice tone="bad" urgent title={problems.screen.title}>
      <p>{problems.screen.text}</p>
      <div>
        <Button size="small" onPress={() => { location.reload(); }}>
          {problems.screen.reload}
        </Button>
      </div>
    </Notice>
  );
}
