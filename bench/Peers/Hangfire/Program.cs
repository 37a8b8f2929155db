using Jobs.Bench.Hangfire;
using Jobs.Bench.Protocol;

await using var driver = new HangfireDriver();
await DriverLoop.RunAsync(driver.AnswerAsync);
