<?php
/*
 * The PHP samples of the export specification ("Integration Points") as they stand there; only
 * callPythonExportService() is another one: it asks the extension. Around them is what they expect of
 * CodeIgniter, as little of it as they need. Prints a line of TAP for each thing that is to be true.
 */

/* --- what stands around the samples --- */

class Redirect
{
    public array $with = [];
    public function __construct(public ?string $to = null) {}
    public function to(string $to): static { $this->to = $to; return $this; }
    public function with(string $key, string $value): static { $this->with[$key] = $value; return $this; }
}
class Session
{
    public array $values = ['user_email' => 'admin@example.com'];
    public function set(string $key, mixed $value): void { $this->values[$key] = $value; }
}
class Response
{
    public function setJSON(array $body): array { return json_decode(json_encode($body), true); }
}
class Queue
{
    public array $jobs = [];
    public function push(object $job): void { $this->jobs[] = $job; }
}
class ExportJob
{
    public function __construct(public array $data) {}
}
function redirect(?string $to = null): Redirect { return new Redirect($to); }
function session(?string $key = null): mixed
{
    static $session = null;
    $session ??= new Session;
    return $key === null ? $session : $session->values[$key];
}
function view(string $name, array $data): array { return ['view' => $name] + $data; }

class Samples
{
    public Response $response;
    public Queue $queue;

    public function __construct()
    {
        $this->response = new Response;
        $this->queue = new Queue;
    }

    /* The one thing that is not as in the specification. */
    private function callPythonExportService(?array $data, string $method = 'POST', string $path = '/api/export'): array
    {
        $parts = explode('/', trim($path, '/'));
        return match (true) {
            $method === 'POST' && $path === '/api/export' => ybb_export($data),
            $method === 'POST' && $path === '/api/export/estimate' => ybb_export_estimate($data),
            $method === 'GET' && ($parts[3] ?? '') === 'status' => ybb_export_status($parts[2]),
        };
    }

    private function getOriginalFilters(string $exportId): array { return ['category' => 'all']; }
    private function processExport(array $exportData): array { return $this->callPythonExportService($exportData); }

    /* --- the samples --- */

    public function smallExport($programId, $filters)
    {
        // Example PHP integration for small datasets
        $exportData = [
            'export_type' => 'participants',
            'program_id' => $programId,
            'format' => 'excel',
            'template' => 'standard',
            'filters' => $filters
        ];

        $response = $this->callPythonExportService($exportData);

        if ($response['status'] === 'success') {
            // Direct download
            return redirect($response['data']['file_url']);
        }
    }

    public function largeExport($programId, $filters)
    {
        // Example PHP integration for large datasets
        $exportData = [
            'export_type' => 'participants',
            'program_id' => $programId,
            'format' => 'excel', 
            'template' => 'detailed',
            'filters' => $filters,
            'large_dataset_options' => [
                'strategy' => 'auto',
                'chunk_size' => 10000,
                'create_zip_archive' => true,
                'email_notification' => true,
                'email_address' => session('user_email')
            ]
        ];

        $response = $this->callPythonExportService($exportData);

        if ($response['status'] === 'processing') {
            // Store export ID for tracking
            session()->set('pending_export_id', $response['data']['export_id']);
            
            // Redirect to progress page
            return redirect()->to('export/progress/' . $response['data']['export_id'])
                ->with('message', 'Large export is being processed. You will be notified when complete.');
        }
    }

    // Check export progress
    public function checkExportProgress($exportId)
    {
        $response = $this->callPythonExportService(null, 'GET', "/api/export/{$exportId}/status");
        
        if ($response['status'] === 'processing') {
            return $this->response->setJSON([
                'status' => 'processing',
                'progress' => $response['progress'],
                'message' => $response['progress']['current_operation']
            ]);
        } elseif ($response['status'] === 'success') {
            return $this->response->setJSON([
                'status' => 'completed',
                'download_options' => $response['data'],
                'message' => 'Export completed successfully'
            ]);
        }
    }

    // Handle multi-file downloads
    public function downloadExportFiles($exportId)
    {
        $response = $this->callPythonExportService(null, 'GET', "/api/export/{$exportId}/status");
        
        if ($response['export_strategy'] === 'multi_file') {
            // Offer download options
            $data = [
                'export_id' => $exportId,
                'individual_files' => $response['data']['individual_files'],
                'zip_archive' => $response['data']['archive'],
                'total_records' => $response['data']['total_records']
            ];
            
            return view('export/download_options', $data);
        } else {
            // Single file download
            return redirect($response['data']['file_url']);
        }
    }

    // Handle export errors with recovery options
    public function handleExportError($exportId)
    {
        $response = $this->callPythonExportService(null, 'GET', "/api/export/{$exportId}/status");
        
        if ($response['status'] === 'error') {
            $errorDetails = $response['details'];
            
            if ($errorDetails['memory_exceeded']) {
                // Suggest smaller chunk size
                $suggestedFilters = $this->getOriginalFilters($exportId);
                $suggestedFilters['limit'] = $errorDetails['suggested_chunk_size'];
                
                return view('export/retry_options', [
                    'original_export_id' => $exportId,
                    'suggested_filters' => $suggestedFilters,
                    'error_message' => $response['message'],
                    'recovery_options' => $response['recovery_options']
                ]);
            }
        }
    }

    // Queue large export as background job
    public function queueLargeExport($exportData)
    {
        // Estimate export size first
        $estimate = $this->callPythonExportService($exportData, 'POST', '/api/export/estimate');
        
        if ($estimate['estimated_records'] > 25000) {
            // Queue as background job
            $job = new ExportJob($exportData);
            $this->queue->push($job);
            
            return redirect()->to('export/queued')
                ->with('message', 'Large export has been queued for processing');
        } else {
            // Process immediately
            return $this->processExport($exportData);
        }
    }
}

/* --- what is to be true --- */

set_error_handler(function (int $level, string $message, string $file, int $line) {
    throw new ErrorException($message, 0, $level, $file, $line);
});

$number = $failed = 0;
function check(string $name, callable $true): mixed
{
    global $number, $failed;
    $number++;
    try {
        $found = $true();
    } catch (Throwable $error) {
        $found = false;
        echo '# ', get_class($error), ': ', $error->getMessage(), ' at line ', $error->getLine(), "\n";
    }
    $failed += !$found;
    echo $found ? 'ok' : 'not ok', " $number - $name\n";
    return $found;
}

function wait_for(Samples $samples, string $id): ?array
{
    for ($tries = 0; $tries < 2400; $tries++) {
        $answer = $samples->checkExportProgress($id);
        if (($answer['status'] ?? '') !== 'processing') {
            return $answer;
        }
        usleep(50000);
    }
    return null;
}

$samples = new Samples;
check('the sample for small datasets redirects to a file', function () use ($samples) {
    $redirect = $samples->smallExport(1, ['limit' => 30]);
    return is_file(parse_url($redirect->to, PHP_URL_PATH));
});
$id = check('the sample for large datasets redirects to the progress page', function () use ($samples) {
    $redirect = $samples->largeExport(1, ['form_status' => 'all']);
    $id = session()->values['pending_export_id'];
    return $redirect->to === "export/progress/$id" && isset($redirect->with['message']) ? $id : false;
});
check('the sample about progress has progress, then download options', function () use ($samples, $id) {
    return wait_for($samples, $id)['status'] === 'completed';
});
check('the sample about downloads offers the files of a large export', function () use ($samples, $id) {
    $view = $samples->downloadExportFiles($id);
    return $view['view'] === 'export/download_options' && count($view['individual_files']) > 1
        && $view['zip_archive']['zip_file_size'] > 0 && $view['total_records'] > 10000;
});
check('the sample about downloads redirects to the file of a small one', function () use ($samples) {
    $answer = ybb_export(['export_type' => 'ambassadors', 'program_id' => 1, 'filters' => ['limit' => 3]]);
    return is_file(parse_url($samples->downloadExportFiles($answer['export_id'])->to, PHP_URL_PATH));
});
check('the sample about errors takes an export that failed', function () use ($samples) {
    $answer = ybb_export(['export_type' => 'participants', 'program_id' => 1, 'template' => 'detailed',
                          'options' => ['sort_by' => 'full_name'],
                          'large_dataset_options' => ['strategy' => 'single', 'memory_limit' => '1KB']]);
    $id = $answer['export_id'] ?? exit("# the export was refused: " . json_encode($answer) . "\n");
    $answer = ybb_export_wait($id, 120);
    $view = $samples->handleExportError($id);
    if ($answer['error_code'] !== 'MEMORY_LIMIT') {
        echo '# ', json_encode($answer), "\n";
        return false;
    }
    return $view['view'] === 'export/retry_options' && $view['suggested_filters']['limit'] > 0;
});
check('the sample about background jobs queues a large export', function () use ($samples) {
    $redirect = $samples->queueLargeExport(['export_type' => 'participants', 'program_id' => 1]);
    return count($samples->queue->jobs) === 1 && $redirect->to === 'export/queued';
});
check('the sample about background jobs carries a small one out', function () use ($samples) {
    return $samples->queueLargeExport(['export_type' => 'participants', 'program_id' => 1,
                                       'filters' => ['limit' => 3]])['status'] === 'success';
});
echo "1..$number\n";
exit($failed === 0 ? 0 : 1);
