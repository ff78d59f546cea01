export function dummy(): i32 {
  return 42
}
