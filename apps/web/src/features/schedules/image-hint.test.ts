import { expect, test } from "vitest"
import { readImage, shortName } from "./image-hint.ts"

test("what was typed is shown with its full name", () => {
  expect(readImage("docker pull nginx", "en")).toEqual({ canonical: "docker.io/library/nginx:latest", problem: undefined })
})

test("what is no image says what to do, in the reader's language", () => {
  expect(readImage("Nginx", "en")).toEqual({ canonical: undefined, problem: 'did you mean "nginx"?' })
  expect(readImage("Nginx", "zh").problem).toBe('您是不是想输入 "nginx"？')
})

test("an image is shown short, and what is none as it is", () => {
  expect(shortName("docker.io/library/nginx:1.27")).toBe("nginx:1.27")
  expect(shortName("<b>UPPER</b>")).toBe("<b>UPPER</b>")
})
