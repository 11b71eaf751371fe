import type { ReactNode } from "react";
import { RouterProvider as AriaRouterProvider } from "react-aria-components";
import { useLocation } from "wouter";

/** Links of the component library change the screen without loading the page again. */
export function RouterProvider({ children }: { children: ReactNode }) {
  const [, navigate] = useLocation();
  return <AriaRouterProvider navigate={navigate}>{children}</AriaRouterProvider>;
}
