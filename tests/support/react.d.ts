// As much of React as one test uses: its own types declare elements of pages that are empty, for everybody.
declare module "react" {
  export function createElement(component: () => null): unknown
}
declare module "react-test-renderer" {
  export function create(element: unknown): { unmount(): void }
}
